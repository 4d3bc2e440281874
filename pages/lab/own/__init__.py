"""Own faces of the class: consent, classes that are recorded by burst, photos, and tests under other conditions."""
