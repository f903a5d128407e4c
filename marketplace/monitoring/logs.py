"""The log: one line an event, as text for people or as JSON for machines (``LOG_FORMAT``)."""

import json
import logging
from datetime import UTC, datetime

from marketplace.monitoring.request_ids import WithRequestId

_TEXT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"

#: What a record may carry beside its message (``extra=``); never a mail address, never what somebody typed.
FIELDS = ("method", "route", "status", "ms")


class JsonLines(logging.Formatter):
    """A record as one JSON object: at, level, logger, request_id, message, and what it carries besides."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(form: str) -> None:
    """Make the root logger write to standard error in ``form``, "text" or "json"; once for a process."""
    handler = logging.StreamHandler()
    handler.addFilter(WithRequestId())
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
