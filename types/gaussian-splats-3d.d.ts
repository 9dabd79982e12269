/** GaussianSplats3D ships no types; its viewers' are in plugin/hosts/gaussian-splats-3d-viewer.ts. */
declare module '@mkkellogg/gaussian-splats-3d' {
  export class SplatBuffer {
    /** Header, section headers and rows, as in a .ksplat file. */
    constructor(bytes: ArrayBufferLike);
    getSplatCount(): number;
    compressionLevel: number;
    minSphericalHarmonicsCoeff: number;
    maxSphericalHarmonicsCoeff: number;
  }
  /** Options as in the library's README; a viewer of its own render loop, or one to put into a three.js scene. */
  export const Viewer: new (
    options?: Record<string, unknown>,
  ) => import('../plugin/hosts/gaussian-splats-3d-viewer.ts').SplatViewer & {
    start(): void;
    addSplatScene(path: string, options?: Record<string, unknown>): Promise<void>;
    removeSplatScene(index: number, showLoadingUi?: boolean): Promise<void>;
    dispose(): Promise<void>;
  };
  export const DropInViewer: new (
    options?: Record<string, unknown>,
  ) => import('../plugin/hosts/gaussian-splats-3d-viewer.ts').DropInSplatViewer & {
    dispose(): Promise<void>;
  };
}
