"""The Flask extensions, made here without an application, bound to one in ``create_app``.

The rate limiter (:mod:`marketplace.rate_limits`) and Flask-Security (:mod:`marketplace.accounts.setup`)
are made anew for each application: they keep what an application sets in themselves.
"""

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_mailman import Mail
from flask_wtf import CSRFProtect

from marketplace.db import Model
from marketplace.migrating import Alembic

alembic = Alembic(metadatas=Model.metadata)
babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
mailman = Mail()
