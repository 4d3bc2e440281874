"""Raut for a classroom: over HTTPS on the local network, behind an access code (`make serve`).

`addresses` and `certificate` say who this computer is, `access` who may come in, `door` what is closed to
everybody else; `launcher` puts them around `app.py`. No page is in here, and without `make serve` none of it
listens to anything.
"""
