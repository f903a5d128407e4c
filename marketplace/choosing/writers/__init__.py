"""One report, three files: each writer takes a :class:`marketplace.choosing.report_blocks.Report` and gives bytes."""
