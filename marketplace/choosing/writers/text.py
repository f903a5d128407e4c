"""A report as text to paste into a protocol system."""

from marketplace.choosing.report_blocks import Heading, Items, Paragraph, Report, Table

MEDIA_TYPE = "text/plain; charset=utf-8"


def write(report: Report) -> str:
    """Blocks with empty lines between them; rows of tables with their columns named."""
    parts = []
    for block in report.blocks:
        match block:
            case Heading(level, text):
                parts.append(text.upper() if level == 1 else text + "\n" + "-" * len(text))
            case Paragraph(text):
                parts.append(text)
            case Items(items):
                parts.append("\n".join(f"- {item}" for item in items))
            case Table(header, rows):
                parts.append(
                    "\n".join(
                        "- " + "; ".join(f"{name}: {cell}" for name, cell in zip(header, row, strict=True))
                        for row in rows
                    )
                )
    return "\n\n".join(parts) + "\n"
