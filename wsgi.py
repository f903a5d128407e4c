"""The application that servers and the ``flask`` command load."""

from marketplace import create_app

application = create_app()
