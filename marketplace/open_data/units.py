"""Our units of sale as codes of UN/CEFACT Recommendations 20 and 21; what has no code of its own is only named."""

from collections.abc import Mapping

UNCEFACT: Mapping[str, str] = {
    "kg": "KGM",
    "l": "LTR",
    "piece": "H87",
    "pack": "XPK",
    "jar": "XJR",
    "bottle": "XBO",
    "box": "XBX",
    "bunch": "XBH",
    "dozen": "DZN",
    "hour": "HUR",
    "day": "DAY",
    "month": "MON",
    "person": "IE",
    "m2": "MTK",
    "m3": "MTQ",
    "km": "KMT",
    "kwh": "KWH",
    "service": "E48",
}
