"""What the gate costs a pipeline, in processes as a pipeline starts them: `python -m tests.bench`."""
