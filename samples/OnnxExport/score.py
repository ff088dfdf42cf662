"""Scores rows with an exported model, in Python: python3 score.py claims.onnx rows.json

rows.json has the columns: {"District": ["1", "4"], "Holders": [100, 250]}; what is printed has them too.
Runs with onnxruntime, or with the standard's own reference (onnx 1.13 or later).
"""
import json
import sys

import numpy as np

try:
    import onnxruntime
except ImportError:
    onnxruntime = None

TYPES = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
    "tensor(uint32)": np.uint32, "tensor(bool)": np.bool_, "tensor(string)": np.object_,
}


def with_runtime(path, rows):
    # <score>
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {
        one.name: np.asarray(rows[one.name], dtype=TYPES[one.type]).reshape(len(rows[one.name]), -1)
        for one in session.get_inputs()
    }
    names = [one.name for one in session.get_outputs()]
    return dict(zip(names, session.run(names, feeds)))
    # </score>


def with_reference(path, rows):
    import onnx
    from onnx.reference import ReferenceEvaluator

    model = onnx.load(path)
    feeds = {}
    for one in model.graph.input:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(one.type.tensor_type.elem_type)
        feeds[one.name] = np.asarray(rows[one.name], dtype=dtype).reshape(len(rows[one.name]), -1)
    names = [one.name for one in model.graph.output]
    return dict(zip(names, ReferenceEvaluator(model).run(names, feeds)))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        columns = json.load(file)
    scored = (with_runtime if onnxruntime else with_reference)(sys.argv[1], columns)
    print(json.dumps({name: np.asarray(values, dtype=float).ravel().tolist() for name, values in scored.items()}))
