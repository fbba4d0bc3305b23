from __future__ import annotations

from datetime import UTC, datetime

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
