"""Leaving with everything, and arriving with it: a folder of open formats, readable without this product."""

from monitor.packs.handover.arriving import (
    Package,
    build_register,
    read_package,
    require_empty,
    try_out,
)
from monitor.packs.handover.leaving import HandedOver, hand_over

__all__ = ["HandedOver", "Package", "build_register", "hand_over", "read_package", "require_empty", "try_out"]
