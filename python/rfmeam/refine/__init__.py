"""`rfmeam refine`: structures on which the members of an ensemble of potentials disagree."""
