"""What the department sees of its stations: courses, lists, tree, figures, calls, export."""
