const OLDEST = { major: 20, minor: 19 };

/** Ends the process with one line when this Node is older than the one the repository is written for. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  process.stderr.write(
    `This needs Node ${OLDEST.major}.${OLDEST.minor} or newer and runs on ${process.versions.node}. Install one: https://nodejs.org\n`,
  );
  process.exit(1);
}
