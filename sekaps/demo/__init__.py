"""The demo country: real places, invented people, and how they act; synthetic, and marked so."""
