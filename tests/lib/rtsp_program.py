"""An RTSP server for tests, run by the system's Python, whose GStreamer is bound to it.

`/usr/bin/python3 rtsp_program.py [USER PASSWORD]` says its port, and serves until it is killed or
its standard input is closed. With a user it asks for digest authentication.
"""

from __future__ import annotations

import sys

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # type: ignore[import-not-found] # noqa: E402
    GLib,
    Gst,
    GstRtsp,
    GstRtspServer,
)

VIDEO = "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=25/1"
H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50"
SOUND = "audiotestsrc is-live=true ! mulawenc ! rtppcmupay"
RARE = H264.replace("50", "500")
MOUNTS = {
    "/h264": f"{VIDEO} ! {H264} ! rtph264pay name=pay0 pt=96",
    "/rare": f"{VIDEO} ! {RARE} ! rtph264pay name=pay0 pt=96",
    "/mjpeg": f"{VIDEO} ! jpegenc ! rtpjpegpay name=pay0 pt=26",
    "/both": f"{VIDEO} ! {H264} ! rtph264pay name=pay0 pt=96 {SOUND} name=pay1 pt=0",
    "/sound": f"{SOUND} name=pay0 pt=0",
    "/broken": "videotestsrc ! nosuchelement ! rtpvrawpay name=pay0",
}


def main(words: list[str]) -> None:
    """Serve every mount until nobody holds the other end of standard input."""
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if words:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(*words, token)
        server.set_auth(auth)
    for path, launch in MOUNTS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f"( {launch} )")
        if words:
            may = GstRtspServer.RTSPPermissions()
            for what in ("access", "construct"):
                may.add_permission_for_role("viewer", f"media.factory.{what}", True)
            factory.set_permissions(may)
        server.get_mount_points().add_factory(path, factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    GLib.io_add_watch(0, GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()


main(sys.argv[1:])
