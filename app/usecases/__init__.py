"""What people do, one public function per act: load, ask the core, save, and write it in the audit log.

Every function takes a session and an actor, gives values, and raises only the errors of `app.errors`. None commits.
"""
