"""A network with pytorch-ntm's state dictionary, and what it answers: torch.save to argv[1], inputs and answers to argv[2] as JSON."""
import json
import sys

import torch
from torch import nn
from torch.nn import functional as F

SLOTS, WIDTH, SIZE, LAYERS, INPUTS, OUTPUTS = 7, 4, 5, 2, 3, 2


class Controller(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(INPUTS + WIDTH, SIZE, LAYERS)
        self.lstm_h_bias = nn.Parameter(torch.randn(LAYERS, 1, SIZE) * 0.5)
        self.lstm_c_bias = nn.Parameter(torch.randn(LAYERS, 1, SIZE) * 0.5)


class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mem_bias", torch.randn(SLOTS, WIDTH) * 0.5)


class Head(nn.Module):
    def __init__(self, name, size):
        super().__init__()
        self.name = name
        setattr(self, name, nn.Linear(SIZE, size))

    def forward(self, hidden):
        return getattr(self, self.name)(hidden)


class Ntm(nn.Module):
    def __init__(self):
        super().__init__()
        self.controller, self.memory = Controller(), Memory()
        self.heads = nn.ModuleList([Head("fc_read", WIDTH + 6), Head("fc_write", 3 * WIDTH + 6)])
        self.fc = nn.Linear(SIZE + WIDTH, OUTPUTS)
        self.register_buffer("read0_bias", torch.rand(1, WIDTH) - 0.5)


class Encapsulated(nn.Module):
    def __init__(self):
        super().__init__()
        self.ntm = Ntm()

    def forward(self, inputs):
        ntm = self.ntm
        memory, read = ntm.memory.mem_bias.clone(), ntm.read0_bias
        state = (ntm.controller.lstm_h_bias, ntm.controller.lstm_c_bias)
        read_at, write_at = torch.zeros(SLOTS), torch.zeros(SLOTS)
        answers = []
        for x in inputs:
            seen, state = ntm.controller.lstm(torch.cat([x.unsqueeze(0), read], dim=1).unsqueeze(0), state)
            hidden = seen[0]
            asks, writes = ntm.heads[0](hidden)[0], ntm.heads[1](hidden)[0]
            read_at = address(memory, asks, read_at)
            read = (read_at @ memory).unsqueeze(0)
            write_at = address(memory, writes, write_at)
            erase, add = torch.sigmoid(writes[WIDTH + 6:2 * WIDTH + 6]), writes[2 * WIDTH + 6:]
            memory = memory * (1 - torch.outer(write_at, erase)) + torch.outer(write_at, add)
            answers.append(torch.sigmoid(ntm.fc(torch.cat([hidden, read], dim=1)))[0])
        return torch.stack(answers)


def address(memory, raw, previous):
    key, strength, gate = raw[:WIDTH], F.softplus(raw[WIDTH]), torch.sigmoid(raw[WIDTH + 1])
    shift, gamma = F.softmax(raw[WIDTH + 2:WIDTH + 5], dim=0), 1 + F.softplus(raw[WIDTH + 5])
    content = F.softmax(strength * F.cosine_similarity(memory, key.unsqueeze(0), dim=-1), dim=0)
    gated = gate * content + (1 - gate) * previous
    around = torch.cat([gated[-1:], gated, gated[:1]])
    shifted = F.conv1d(around.view(1, 1, -1), shift.view(1, 1, -1)).view(-1)
    power = shifted ** gamma
    return power / (power.sum() + 1e-16)


torch.manual_seed(int(sys.argv[3]))
network = Encapsulated()
for parameter in network.parameters():
    parameter.data *= 3
torch.save(network.state_dict(), sys.argv[1])
steps = torch.randint(0, 2, (12, INPUTS)).float()
with torch.no_grad():
    json.dump({"Inputs": steps.flatten().tolist(), "Answers": network(steps).flatten().tolist()}, open(sys.argv[2], "w"))
