"""Answers of suppliers to demands: questions, proposals lot by lot, joint ones."""
