// What the image's HEALTHCHECK runs: healthy when this container's process says that it is ready.
const response = await fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).catch(() => undefined);
process.exitCode = response?.ok ? 0 : 1;
