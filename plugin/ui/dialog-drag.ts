/** A drag over a dialog, and what it drops, are the dialog's: the page behind it would open it. */
export interface DialogDrag {
  /** Something hovers that can be dropped. */
  over: boolean;
  dropped?: readonly File[];
}

/** Takes one of a drag's events. @param over whether something hovered before it */
export function takeDrag(event: DragEvent, dialog: HTMLDialogElement, over: boolean): DialogDrag {
  event.stopPropagation();
  event.preventDefault();
  const { type, dataTransfer } = event;
  if (type === 'dragover') return { over: dataTransfer?.types.includes('Files') === true };
  if (type === 'drop') return { over: false, dropped: [...(dataTransfer?.files ?? [])] };
  return { over: over && event.target !== dialog };
}
