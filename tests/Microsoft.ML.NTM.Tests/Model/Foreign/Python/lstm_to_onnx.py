"""nn.LSTM and nn.Linear as torch.onnx.export writes them to argv[1]; inputs and answers to argv[2] as JSON."""
import json
import sys

import torch
from torch import nn

INPUTS, SIZE, LAYERS, OUTPUTS = 3, 5, 2, 2


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(INPUTS, SIZE, LAYERS, batch_first=True)
        self.linear = nn.Linear(SIZE, OUTPUTS)

    def forward(self, inputs):
        seen, _ = self.lstm(inputs)
        return torch.sigmoid(self.linear(seen))


torch.manual_seed(int(sys.argv[3]))
network = Network().eval()
for parameter in network.parameters():
    parameter.data *= 2
steps = torch.randint(0, 2, (1, 12, INPUTS)).float()
torch.onnx.export(network, steps, sys.argv[1], input_names=["input"], output_names=["output"], opset_version=12,
                  dynamic_axes={"input": {0: "rows", 1: "steps"}, "output": {0: "rows", 1: "steps"}})
with torch.no_grad():
    json.dump({"Inputs": steps.flatten().tolist(), "Answers": network(steps).flatten().tolist()}, open(sys.argv[2], "w"))
