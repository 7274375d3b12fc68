"""One module a shell: `script(program, families, rules) -> str`."""
