/**
 * The parts of GaussianSplats3D 0.4.7 and three.js that the host touches, by shape: the library ships no types,
 * and a page may bring its own three.js. Fields without a word are the library's own, as its source has them.
 */

interface Matrix4 {
  elements: ArrayLike<number>;
}
interface Vector3 {
  x: number;
  y: number;
  z: number;
  set(x: number, y: number, z: number): unknown;
}

export interface ThreeCamera {
  matrixWorld: Matrix4;
  projectionMatrix: Matrix4;
  position: Vector3;
  up: Vector3;
  /** Degrees, up and down, before `zoom`; with the next two of a perspective camera alone. */
  fov: number;
  aspect: number;
  zoom: number;
  near: number;
  far: number;
  lookAt(x: number, y: number, z: number): void;
  updateWorldMatrix(parents: boolean, children: boolean): void;
  updateProjectionMatrix(): void;
}

export interface ThreeControls {
  target: Vector3;
  update(): unknown;
  /** The library's own alone. */
  clearDampedRotation?(): void;
  clearDampedPan?(): void;
}

export interface ThreeObject {
  parent: ThreeObject | null;
  children: ThreeObject[];
  remove(child: ThreeObject): unknown;
  matrixWorld: Matrix4;
  updateWorldMatrix(parents: boolean, children: boolean): void;
}

export interface ThreeRenderer {
  domElement: HTMLCanvasElement;
  render(scene: never, camera: never): void;
}

export interface SplatBufferLike {
  getSplatCount(): number;
  /** 0 floats, 1 half floats, 2 half floats with 8-bit harmonics over the range of the two numbers below. */
  compressionLevel: number;
  minSphericalHarmonicsCoeff: number;
  maxSphericalHarmonicsCoeff: number;
}

export interface SplatScene extends ThreeObject {
  splatBuffer: SplatBufferLike;
  transform: Matrix4;
  updateTransform(dynamic: boolean): void;
}

export interface ColourTexture {
  needsUpdate: boolean;
  /** Only in newer releases of three.js. */
  addUpdateRange?(start: number, count: number): void;
}

export interface SplatSceneOptions {
  position?: readonly number[];
  /** Quaternion x y z w, three.js's order. */
  rotation?: readonly number[];
  scale?: readonly number[];
  splatAlphaRemovalThreshold?: number;
}

export interface SplatMesh extends ThreeObject {
  scenes: SplatScene[];
  sceneOptions?: SplatSceneOptions[];
  dynamicMode: boolean;
  minSphericalHarmonicsDegree: number;
  splatTree: unknown;
  splatDataTextures: {
    baseData?: { colors?: Uint8Array };
    centerColors?: { data?: Uint32Array; texture: ColourTexture; size: { x: number } };
  };
  getSplatCount(): number;
  /** Each array is optional; `covarianceLevel` to `shLevel` 0 mean plain floats. */
  fillSplatDataArrays(
    covariances: null,
    scales: Float32Array,
    rotations: Float32Array,
    centers: Float32Array,
    colours: Uint8Array,
    harmonics: Float32Array | null,
    applySceneTransform: boolean,
    covarianceLevel: number,
    scaleRotationLevel: number,
    shLevel: number,
  ): void;
}

/** `GaussianSplats3D.Viewer`. */
export interface SplatViewer {
  splatMesh: SplatMesh;
  camera?: ThreeCamera;
  renderer?: ThreeRenderer;
  controls?: ThreeControls | null;
  initialized: boolean;
  dropInMode: boolean;
  sharedMemoryForWorkers: boolean;
  freeIntermediateSplatData: boolean;
  sphericalHarmonicsDegree: number;
  sceneRevealMode: number;
  sortRunning: boolean;
  splatRenderReady: boolean;
  splatSortCount: number;
  splatRenderCount: number;
  isLoadingOrUnloading(): boolean;
  isDisposingOrDisposed(): boolean;
  forceRenderNextFrame(): void;
  onMouseClick(event: unknown): void;
  render(): void;
  updateForRendererSizeChanges(): void;
  updateSplatMesh(): void;
  runSplatSort(force: boolean, all: boolean): Promise<boolean>;
  addSplatBuffersToMesh(...args: unknown[]): unknown;
  addSplatBuffers(
    buffers: SplatBufferLike[],
    options: SplatSceneOptions[],
    finalBuild: boolean,
    showLoadingUi: boolean,
    showTreeUi: boolean,
    replaceExisting: boolean,
  ): Promise<void>;
}

/** `GaussianSplats3D.DropInViewer`. */
export interface DropInSplatViewer extends ThreeObject {
  viewer: SplatViewer;
}
