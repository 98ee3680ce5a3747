"""`jetproof demo`: the demo service in the foreground."""

from __future__ import annotations

import click


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0: any free one.")
@click.option("--host", default="127.0.0.1", help="Where it listens.")
@click.option("--token-env", metavar="NAME", help="The variable that holds a bearer token.")
@click.option("--operator-env", metavar="NAME", help="The one with the operator's password.")
@click.option("--viewer-env", metavar="NAME", help="The one with the viewer's, who may only read.")
def demo(
    port: int,
    host: str,
    token_env: str | None,
    operator_env: str | None,
    viewer_env: str | None,
) -> int:
    """Run the demo inference service in the foreground."""
    from tui.demo.server import DemoOptions, serve

    def ready(url: str) -> None:
        click.echo(f"demo service at {url} (ctrl-c ends it)")

    return serve(
        DemoOptions(
            host=host,
            port=port,
            token_env=token_env,
            operator_env=operator_env,
            viewer_env=viewer_env,
            on_ready=ready,
        )
    )
