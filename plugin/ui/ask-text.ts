/** Asks for one line of text in a dialog of the browser's own kind. */
export interface TextQuestion {
  title: string;
  label: string;
  note?: string;
  placeholder?: string;
}

/** @returns what was typed, trimmed; undefined where the user thought better of it */
export function askText({
  title,
  label,
  note = '',
  placeholder = '',
}: TextQuestion): Promise<string | undefined> {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', title);
  Object.assign(dialog.style, {
    width: 'min(460px, calc(100vw - 40px))',
    padding: '18px 20px',
    borderRadius: '14px',
    border: '1px solid #8886',
    font: '14px system-ui, sans-serif',
    colorScheme: 'light dark',
  });
  const form = document.createElement('form');
  form.method = 'dialog';
  const field = document.createElement('label');
  const input = document.createElement('input');
  const remark = document.createElement('p');
  const buttons = document.createElement('div');
  field.textContent = label;
  Object.assign(input, { type: 'text', placeholder, name: 'text', autocomplete: 'off' });
  Object.assign(input.style, {
    display: 'block',
    width: '100%',
    boxSizing: 'border-box',
    margin: '6px 0 0',
    padding: '8px',
  });
  field.append(input);
  remark.textContent = note;
  remark.style.opacity = '0.75';
  Object.assign(buttons.style, { display: 'flex', justifyContent: 'flex-end', gap: '8px' });
  for (const [text, value] of [
    ['Cancel', ''],
    ['Use it', 'yes'],
  ] as const) {
    const button = document.createElement('button');
    Object.assign(button, { textContent: text, value, type: value === '' ? 'button' : 'submit' });
    if (value === '') button.addEventListener('click', () => dialog.close(''));
    button.style.padding = '7px 14px';
    buttons.append(button);
  }
  // The page under it must not hear its keys: Escape there discards what waits.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  form.append(field, remark, buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? input.value.trim() || undefined : undefined);
    });
  });
}
