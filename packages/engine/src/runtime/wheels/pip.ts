import { lastLine, runChild } from '../child-process.ts';
import { pipPlatform } from '../release.ts';

/**
 * Downloads the wheels that a file of requirements pins, without those they ask for.
 * @param temporary where pip keeps what is not whole yet
 * @throws one line with the remedy (see explainPip)
 */
export async function pipDownload(
  requirements: string,
  folder: string,
  temporary: string,
): Promise<void> {
  const download = ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir'];
  const args = [
    ...download,
    '--disable-pip-version-check',
    ...pipPlatform,
    '--require-hashes',
    ...['-r', requirements],
    ...['-d', folder],
  ];
  const { code, output, missing } = await runChild('python3', args, {
    env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
  });
  if (code !== 0) throw new Error(explainPip(output, missing));
}

const ownLibrary = 'point NOISY_PAIRS_LIBTENSORFLOW at a libtensorflow of your own';

const noPython =
  'python: expected python3 on the PATH, got none; install Python 3 with pip (Debian: ' +
  `apt-get install python3-pip), or ${ownLibrary}`;

const connectionErrors = [
  'NewConnectionError',
  'ConnectionError',
  'ConnectTimeout',
  'Max retries',
  'name resolution',
  'Network is unreachable',
  'ReadTimeout',
  'ProxyError',
  'SSLError',
  'IncompleteRead',
  'ProtocolError',
];

/** Signs in pip's output, with their meaning and the remedy; the first that fits counts. */
const meanings: readonly (readonly [sign: RegExp, meaning: (output: string) => string])[] = [
  [
    /No module named pip/,
    () =>
      'pip: expected python3 to have it, got none; install it (Debian: apt-get install ' +
      'python3-pip, else: python3 -m ensurepip)',
  ],
  [
    /DO NOT MATCH THE HASHES/,
    () =>
      'download: expected the pinned sha256, got another file; try again, and distrust the ' +
      'mirror if it comes again',
  ],
  [
    /No space left on device|Errno 28/,
    () =>
      'disk: expected room in the cache folder, got a full disk; make room or set XDG_CACHE_HOME ' +
      'to a folder on another one',
  ],
  [
    /Permission denied|Errno 13|Read-only file system|Errno 30/,
    (output) =>
      `cache folder: expected to be allowed to write, got: ${lastLine(output)}; set ` +
      'XDG_CACHE_HOME to another folder',
  ],
  [
    new RegExp(connectionErrors.join('|'), 'i'),
    () =>
      'network: expected pip to reach its package index, got no connection; try again later, set ' +
      `pip's index or proxy, or ${ownLibrary}`,
  ],
  [
    /No matching distribution|Could not find a version/,
    (output) =>
      `download: expected pip's package index to have the wheel, got: ${lastLine(output)}; set ` +
      `pip's index to one that does`,
  ],
];

/** One line on why pip failed and what to do. @param missing whether there was no python3 */
export function explainPip(output: string, missing: boolean): string {
  if (missing) return noPython;
  const [, meaning] = meanings.find(([sign]) => sign.test(output)) ?? [];
  return meaning?.(output) ?? `pip: expected to download, got: ${lastLine(output)}`;
}
