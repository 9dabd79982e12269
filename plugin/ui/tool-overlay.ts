import { css, html, nothing, svg } from 'lit';
import type { OverlayShape } from '../tools/overlay-shapes.ts';
import { theme } from './theme.ts';
import { ToolElement } from './tool-element.ts';

const AXES = ['x', 'y', 'z'] as const;

/**
 * `<splatmend-tool-overlay>`: what the tools draw over the picture: marquee, lines, the brush, gizmos. Put it
 * over the host's element (it fills its positioned parent, and finds the element's place by itself); it takes
 * no presses. Lines are light on a dark seam, so that they show on any picture.
 */
export class SplatmendToolOverlay extends ToolElement {
  protected override readonly toolEvents = ['overlay'] as const;

  static override styles = [
    theme,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: block;
        overflow: hidden;
        pointer-events: none;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
        overflow: visible;
        stroke: none;
      }
      .seam {
        stroke: rgb(0 0 0 / 0.6);
        stroke-width: 3.6;
      }
      .line {
        stroke: #fff;
        stroke-width: 1.5;
      }
      .closed {
        fill: rgb(255 255 255 / 0.1);
      }
      .dashed {
        stroke-dasharray: 6 4;
      }
      .stroke {
        stroke: var(--sm-accent);
        opacity: 0.5;
      }
      .stroke.remove {
        stroke: #ff4d4d;
      }
      .stroke.intersect {
        stroke: #59b6ff;
      }
      .dot {
        fill: #fff;
        stroke: rgb(0 0 0 / 0.75);
        stroke-width: 1.5;
      }
      .x {
        --axis: #ff5d5d;
      }
      .y {
        --axis: #5ed36a;
      }
      .z {
        --axis: #5aa2ff;
      }
      .line.x,
      .line.y,
      .line.z {
        stroke: var(--axis);
        stroke-width: 2.2;
      }
      .dot.x,
      .dot.y,
      .dot.z {
        fill: var(--axis);
      }
      .dot.active {
        fill: var(--sm-accent);
      }
      text {
        font: 600 13px/1 system-ui, sans-serif;
        fill: #fff;
        stroke: rgb(0 0 0 / 0.75);
        stroke-width: 3.5;
        paint-order: stroke;
      }
    `,
  ];

  #resized = new ResizeObserver(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override render() {
    const shapes = this.tools?.overlay() ?? [];
    if (this.tools === undefined || shapes.length === 0) return nothing;
    const own = this.getBoundingClientRect();
    const box = this.tools.host.element.getBoundingClientRect();
    const move = `translate(${box.left - own.left} ${box.top - own.top})`;
    return html`<svg aria-hidden="true"><g transform=${move}>${shapes.map(drawn)}</g></svg>`;
  }
}
customElements.define('splatmend-tool-overlay', SplatmendToolOverlay);

const axisClass = (axis: number | undefined) => (axis === undefined ? '' : AXES[axis]!);

function drawn(shape: OverlayShape) {
  switch (shape.kind) {
    case 'line':
      return svg`<path class="seam ${shape.closed ? 'closed' : ''}" d=${shape.d}></path>
        <path class="line ${axisClass(shape.axis)} ${shape.closed ? 'dashed' : ''}" d=${shape.d}></path>`;
    case 'stroke':
      return svg`<path class="stroke ${shape.mode}" d=${shape.d} stroke-width=${shape.width}></path>`;
    case 'circle':
      return svg`<circle class="seam" cx=${shape.x} cy=${shape.y} r=${shape.radius}></circle>
        <circle class="line" cx=${shape.x} cy=${shape.y} r=${shape.radius}></circle>`;
    case 'dot':
      return svg`<circle class="dot ${axisClass(shape.axis)} ${shape.active ? 'active' : ''}"
        cx=${shape.x} cy=${shape.y} r=${shape.active ? 6.5 : 5}></circle>`;
    case 'head':
      return svg`<path class="dot ${axisClass(shape.axis)} ${shape.active ? 'active' : ''}"
        d="M-7 -6.5 9 0-7 6.5z"
        transform="translate(${shape.x} ${shape.y}) rotate(${shape.angle})"></path>`;
    case 'label':
      return svg`<text x=${shape.x} y=${shape.y}>${shape.text}</text>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'splatmend-tool-overlay': SplatmendToolOverlay;
  }
}
