"""From conditioned frames to named events: floor, thresholds, activity, edges, features, kinds, quality."""
