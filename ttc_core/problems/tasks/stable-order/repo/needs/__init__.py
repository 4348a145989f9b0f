"""Which thing needs which other things."""

from needs.drawing import tree
from needs.errors import GraphError, UnknownName
from needs.graph import Graph
from needs.reading import read

__all__ = ["Graph", "GraphError", "UnknownName", "read", "tree"]
