"""The commands of this feature, taken by create_app."""

from marketplace.district.cli import dataset_cli

commands = (dataset_cli,)
