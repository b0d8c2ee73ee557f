"""Where credentials come from, a module each; `gate.api.chain` imports the one that is used."""
