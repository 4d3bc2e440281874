"""Raut for a classroom: over HTTPS on the local network, behind an access code (`make serve`).

`addresses` and `certificate` say who this computer is, `access` who may come in, `door` what is closed to everybody
else, `visits` how many may be connected, `same_site` under which names and to which pages Raut answers. `server` takes
the connections, `log` keeps what they leave in the log short; `launcher` puts all of it around `app.py`, and `local`
what a computer by itself needs (`make run`). No page is in here, and without `make serve` none of it listens to
anything beyond this computer.
"""
