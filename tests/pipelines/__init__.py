"""What is made for pipelines, run by what runs pipelines. Not in `make test`: packages are installed."""
