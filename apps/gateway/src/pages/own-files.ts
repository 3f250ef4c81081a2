import { type DeskFile, deskFileOf } from '../desk/desk-files.ts';
import { pageStyle } from './page.ts';

/** The files that the door's own pages load, ready to be sent. */
export const ownFilesOf = async (): Promise<ReadonlyMap<string, DeskFile>> => {
  const style = await deskFileOf(pageStyle.name, Buffer.from(pageStyle.text, 'utf8'));
  return new Map(style === null ? [] : [[pageStyle.name, style]]);
};
