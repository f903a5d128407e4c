"""A report as an editable OpenDocument text."""

from collections.abc import Sequence
from io import BytesIO

from odfdo import Cell, Document, Element, Header, List, Paragraph, Row, Style

from marketplace.choosing import report_blocks as blocks

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"


def write(report: blocks.Report) -> bytes:
    document = Document("text")
    body = document.body
    body.clear()
    document.meta.title = report.title
    document.language = "it-IT"
    # headings carry their numbers themselves, as in the other files
    for outline in document.styles.get_elements("//text:outline-style"):
        outline.delete()
    for style in (*_styles(), *_column_styles(report)):
        document.insert_style(style, automatic=True)
    for number, block in enumerate(report.blocks):
        match block:
            case blocks.Heading(level, text):
                body.append(Header(level, text))
            case blocks.Paragraph(text):
                body.append(Paragraph(text, style="report_paragraph"))
            case blocks.Items(items):
                body.append(List(list(items)))
            case blocks.Table():
                body.append(_table(f"Tabella{number}", block))
                body.append(Paragraph(""))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _styles() -> list[Style]:
    cell = Style("table-cell", name="report_cell", area="table-cell")
    cell.set_properties({"fo:border": "0.5pt solid #999999", "fo:padding": "0.1cm"}, area="table-cell")
    bold = Style("paragraph", name="report_head", area="text", bold=True)
    paragraph = Style("paragraph", name="report_paragraph", area="paragraph")
    paragraph.set_properties({"fo:margin-bottom": "0.2cm"}, area="paragraph")
    row = Style("table-row", name="report_row")
    row.set_properties({"fo:keep-together": "always"}, area="table-row")
    return [cell, bold, paragraph, row]


def _weights(table: blocks.Table) -> list[int]:
    """How wide the columns are, one to another: as their longest text, but none too narrow or too wide to be read."""
    return [min(40, max(6, *map(len, texts))) for texts in zip(table.header, *table.rows, strict=True)]


def _column_styles(report: blocks.Report) -> list[Style]:
    found = {
        weight for block in report.blocks if isinstance(block, blocks.Table) for weight in _weights(block)
    }
    styles = []
    for weight in sorted(found):
        style = Style("table-column", name=f"report_column_{weight}")
        style.set_properties({"style:rel-column-width": f"{weight}*"}, area="table-column")
        styles.append(style)
    return styles


def _table(name: str, block: blocks.Table) -> Element:
    """Its head stands again on every page, and no row is parted between two."""
    table = Element.from_tag("table:table")
    table.set_attribute("table:name", name)
    for weight in _weights(block):
        column = Element.from_tag("table:table-column")
        column.set_attribute("table:style-name", f"report_column_{weight}")
        table.append(column)
    head = Element.from_tag("table:table-header-rows")
    head.append(_row(block.header, "report_head"))
    table.append(head)
    for texts in block.rows:
        table.append(_row(texts))
    return table


def _row(texts: Sequence[str], style: str | None = None) -> Row:
    row = Row(style="report_row")
    for text in texts:
        cell = Cell(style="report_cell")
        cell.append(Paragraph(text, style=style) if style else Paragraph(text))
        row.append_cell(cell)
    return row
