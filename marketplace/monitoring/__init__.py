"""What whoever runs an installation sees of it: request ids, logs for machines, figures for Prometheus."""
