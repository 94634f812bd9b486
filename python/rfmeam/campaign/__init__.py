"""What campaigns of jobs have in common: where jobs run, locks, whole files, how far it is."""
