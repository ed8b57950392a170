"""
A network with pytorch-dnc's state dictionary (an LSTM of several layers, one memory), run with the paper's equations and without reads
that reach the controller; torch.save to argv[1], inputs and answers to argv[2] as JSON.
"""
import json
import sys

import torch
from torch import nn
from torch.nn import functional as F

SLOTS, WIDTH, HEADS, SIZE, LAYERS, INPUTS = 6, 3, 4, 4, 2, 3
PARTS = [HEADS * WIDTH, HEADS, WIDTH, 1, WIDTH, WIDTH, HEADS, 1, 1, 3 * HEADS]


class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.interface_weights = nn.Linear(SIZE, sum(PARTS))


class Dnc(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm_layer_0 = nn.LSTM(INPUTS + HEADS * WIDTH, SIZE, LAYERS, batch_first=True)
        self.rnn_layer_memory_shared = Memory()
        self.output = nn.Linear(SIZE + HEADS * WIDTH, INPUTS)

    def forward(self, inputs):
        memory, links = torch.full((SLOTS, WIDTH), 1e-6), torch.zeros(SLOTS, SLOTS)
        usage, precedence, written, at = torch.zeros(SLOTS), torch.zeros(SLOTS), torch.zeros(SLOTS), torch.zeros(HEADS, SLOTS)
        state, answers = None, []
        for x in inputs:
            seen, state = self.lstm_layer_0(torch.cat([x, torch.zeros(HEADS * WIDTH)]).view(1, 1, -1), state)
            hidden = seen[0, 0]
            keys, strengths, write_key, write_strength, erase, vector, free, allocation, write, modes = \
                self.rnn_layer_memory_shared.interface_weights(hidden).split(PARTS)
            retention = torch.prod(1 - torch.sigmoid(free).unsqueeze(1) * at, dim=0)
            usage = (usage + written - usage * written) * retention
            sought = found(memory, write_key, write_strength)
            share = torch.sigmoid(allocation)
            written = torch.sigmoid(write) * (share * allocated(usage) + (1 - share) * sought)
            memory = memory * (1 - torch.outer(written, torch.sigmoid(erase))) + torch.outer(written, vector)
            links = (1 - written.unsqueeze(1) - written) * links + torch.outer(written, precedence)
            links = links * (1 - torch.eye(SLOTS))
            precedence = (1 - written.sum()) * precedence + written
            now = []
            for head in range(HEADS):
                # Backward, forward, content.
                mode = F.softmax(modes[3 * head:3 * head + 3], dim=0)
                content = found(memory, keys[WIDTH * head:WIDTH * (head + 1)], strengths[head])
                now.append(mode[0] * (at[head] @ links) + mode[1] * (links @ at[head]) + mode[2] * content)
            at = torch.stack(now)
            answers.append(torch.sigmoid(self.output(torch.cat([hidden, (at @ memory).flatten()]))))
        return torch.stack(answers)


def found(memory, key, strength):
    cosine = memory @ key / (memory.norm(dim=1) * key.norm() + 1e-6)
    return F.softmax((1 + F.softplus(strength)) * cosine, dim=0)


def allocated(usage):
    order = torch.argsort(usage, stable=True)
    raised = 1e-6 + (1 - 1e-6) * usage[order]
    before = torch.cat([torch.ones(1), torch.cumprod(raised, dim=0)[:-1]])
    return torch.zeros(SLOTS).scatter(0, order, (1 - raised) * before)


torch.manual_seed(int(sys.argv[3]))
network = Dnc()
for parameter in network.parameters():
    parameter.data *= 3
torch.save(network.state_dict(), sys.argv[1])
steps = torch.randint(0, 2, (12, INPUTS)).float()
with torch.no_grad():
    json.dump({"Inputs": steps.flatten().tolist(), "Answers": network(steps).flatten().tolist()}, open(sys.argv[2], "w"))
