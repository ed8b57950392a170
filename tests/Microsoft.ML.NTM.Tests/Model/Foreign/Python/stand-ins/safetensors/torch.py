from . import write


def save_file(tensors, filename):
    for name, tensor in tensors.items():
        if not tensor.is_contiguous() or str(tensor.dtype) != "torch.float32":
            raise ValueError(name)
    write({name: (tensor.shape, tensor.detach().numpy().tobytes()) for name, tensor in tensors.items()}, filename)
