"""A KServe server of two small models, for test/servers/kserve.test.ts: `filler` paints the hole in the mean colour around
it, `depth` answers the picture's rows as inverse depth. Port: the first argument."""

import sys

import numpy as np
from kserve import InferOutput, InferResponse, Model, ModelServer


def tensor(name, shape):
    return {"name": name, "datatype": "FP32", "shape": shape}


class Answering(Model):
    def __init__(self, name):
        super().__init__(name)
        self.ready = True

    def answer(self, payload, values):
        output = InferOutput("output", list(values.shape), "FP32")
        # As bytes where the request asked for bytes.
        output.set_data_from_numpy(values, binary_data=True)
        return InferResponse(payload.id or "1", self.name, [output])


class Filler(Answering):
    def get_input_types(self):
        return [tensor("image", [-1, 3, -1, -1]), tensor("mask", [-1, 1, -1, -1])]

    def get_output_types(self):
        return [tensor("output", [-1, 3, -1, -1])]

    async def predict(self, payload, headers=None, response_headers=None):
        inputs = {i.name: i.as_numpy() for i in payload.inputs}
        image, hole = inputs["image"].copy(), inputs["mask"] > 0.5
        for c in range(3):
            channel = image[0, c]
            channel[hole[0, 0]] = channel[~hole[0, 0]].mean()
        return self.answer(payload, image.astype(np.float32))


class Depth(Answering):
    def get_input_types(self):
        return [tensor("pixel_values", [-1, 3, -1, -1])]

    def get_output_types(self):
        return [tensor("output", [-1, -1, -1])]

    async def predict(self, payload, headers=None, response_headers=None):
        _, _, height, width = payload.inputs[0].as_numpy().shape
        rows = np.arange(height, dtype=np.float32)[:, None]
        return self.answer(payload, np.broadcast_to(rows, (1, height, width)).copy())


if __name__ == "__main__":
    ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start(
        [Filler("filler"), Depth("depth")]
    )
