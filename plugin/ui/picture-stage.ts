import { css } from 'lit';

/** A picture in a dialog, as large as there is room for, with canvases that fill it. */
export const pictureStage = css`
  .stage {
    display: grid;
    place-items: center;
    flex: 1;
    min-height: 0;
  }
  .picture {
    position: relative;
    max-width: 100%;
    max-height: 100%;
    overflow: hidden;
    border-radius: 10px;
    touch-action: none;
  }
  .picture > canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
`;

/** Its shape, within what a dialog's other parts leave of the window's height. @param othersPx CSS pixels of them */
export const stageStyle = (width: number, height: number, othersPx = 250): string =>
  `aspect-ratio:${width} / ${height};width:min(100%, calc((100vh - ${othersPx}px) * ${width / height}))`;
