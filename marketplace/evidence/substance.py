"""What a check was about: whoever changes any of it says something new, which nobody has checked."""

import hashlib
import json

from marketplace.organisations.models import Claim


def fingerprint(claim: Claim) -> str:
    """The substance of a claim in 16 hexadecimal digits: equal as long as nothing of it has changed."""
    values = [
        claim.criterion,
        claim.proof,
        claim.offer_id,
        claim.document_id,
        claim.details,
        claim.link,
        claim.expires.isoformat() if claim.expires else None,
    ]
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
