import { join } from 'node:path';
import { permissionSchema } from '@caio/contracts';
import type { ToolConfig } from '../../config.ts';
import { runHaltDrill } from '../../drill/halt-drill.ts';
import { onOwnStack, stackUser } from '../../once/own-stack.ts';
import { print, printJson, printNote } from '../output.ts';

/** caio halt --drill: prints what was seen, check by check, then PASS or FAIL. Returns the exit code. */
export const haltDrill = async (
  { root }: ToolConfig,
  options: { readonly messages: number; readonly install: boolean; readonly json: boolean },
): Promise<number> => {
  printNote(
    'A drill: a stack of its own sends made-up messages to the simulator. Nothing of yours is stopped.',
  );
  const user = stackUser('drill', [...permissionSchema.options]);
  const { ok, checks, messages } = await onOwnStack(
    {
      ...{ root, purpose: 'drill', users: [user], install: options.install, port: null, recordsDir: null },
      policyFile: join(root, 'config/policy/local.json'),
      copyPackDir: join(root, 'config/copy-pack/harbor-pine'),
      say: printNote,
    },
    (own) => runHaltDrill(own, { user, messages: options.messages, say: printNote }),
  );
  if (options.json) printJson({ ok, messages, checks });
  else {
    print(checks.map((check) => `${check.ok ? 'PASS' : 'FAIL'}  ${check.name}: ${check.detail}`).join('\n'));
    print(`halt drill with ${messages} messages: ${ok ? 'PASS' : 'FAIL'}`);
  }
  return ok ? 0 : 1;
};
