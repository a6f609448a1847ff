/** A page for tests: 600 by 800 points, cropped by 10 points at the left and below. */
export function testViewport(rotation: 0 | 90 | 180 | 270, scale = 1) {
  const [width, height] = rotation % 180 === 0 ? [600 * scale, 800 * scale] : [800 * scale, 600 * scale];
  return {
    scale,
    width,
    height,
    convertToViewportPoint: (x: number, y: number): [number, number] => {
      const [px, py] = [(x - 10) * scale, (y - 10) * scale];
      switch (rotation) {
        case 0:
          return [px, 800 * scale - py];
        case 90:
          return [py, px];
        case 180:
          return [600 * scale - px, py];
        case 270:
          return [800 * scale - py, 600 * scale - px];
      }
    },
    convertToPdfPoint: (left: number, top: number): [number, number] => {
      const [x, y] = [left / scale, top / scale];
      switch (rotation) {
        case 0:
          return [10 + x, 810 - y];
        case 90:
          return [10 + y, 10 + x];
        case 180:
          return [610 - x, 10 + y];
        case 270:
          return [610 - y, 810 - x];
      }
    },
  };
}
