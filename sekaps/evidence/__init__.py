"""What proves a document: canonical bytes, signatures, time stamps, daily roots; given bytes, keys and instants."""
