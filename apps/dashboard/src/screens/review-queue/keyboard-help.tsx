import { shortcuts } from '../../desk/keyboard.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';

const keyWords: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
};

export const KeyboardHelp = ({ onClose }: { readonly onClose: () => void }) => (
  <Dialog title="Keys" onClose={onClose}>
    <dl class="keys">
      {shortcuts.map(({ keys, does }) => (
        <div>
          <dt>
            {keys.map((key) => (
              <kbd>{keyWords[key] ?? key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
    <p class="quiet small">While you write in a field, keys only write.</p>
    <div class="dialog-actions">
      <Button kind="primary" onClick={onClose}>
        Close
      </Button>
    </div>
  </Dialog>
);
