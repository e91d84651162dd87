"""`ctx mcp`: the server, for clients that start it by this name."""

from __future__ import annotations

from context_mode.cli_parts import parser


def main(name: str, words: list[str]) -> int:
    example = "claude mcp add ctx -- ctx mcp"
    parser(name, "Serves coding agents over the Model Context Protocol, on stdin and stdout.", example).parse_args(words)
    import mcp_server

    mcp_server.main()
    return 0
