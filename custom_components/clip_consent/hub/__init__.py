"""A hub: a neighbourhood's requests, published for all to see; sealed answers, kept."""
