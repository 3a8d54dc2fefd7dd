"""The first schema, table by table; migration 0001 puts them in their order."""
