import { chooseDataFolder, type DataFolder } from './stack/data-folder.ts';
import { type LocalSession, readSession } from './stack/session-file.ts';

/** Facts of the machine and the caller that the command line needs, read once. */
export interface ToolConfig {
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const readToolConfig = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ToolConfig => ({ root: environment['CAIO_ROOT'] ?? process.cwd(), environment });

/** Where the local stack keeps its data; `given` is what `--data` said. */
export const dataFolderOf = (config: ToolConfig, given: string | undefined): DataFolder =>
  chooseDataFolder({ root: config.root, given, environment: config.environment });

/**
 * Where the gateway is and who asks: CAIO_URL and CAIO_TOKEN, else the stack that runs on this data folder. Null
 * when nothing says so.
 */
export const findSession = (
  { environment }: ToolConfig,
  folder: DataFolder,
): { readonly url: string; readonly token: string } | null => {
  const url = environment['CAIO_URL'];
  const token = environment['CAIO_TOKEN'];
  const local: LocalSession | null = readSession(folder.sessionFile);
  if (url === undefined && token === undefined) return local;
  return { url: url ?? local?.url ?? 'http://127.0.0.1:8080', token: token ?? local?.token ?? '' };
};
