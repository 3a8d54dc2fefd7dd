"""The verbs Prefect runs and retries: each opens a transaction, calls one service and returns counts."""
