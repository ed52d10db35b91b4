"""The emulated link of Linux: namespaces, a link that holds each packet, and the process that is PID 1."""
