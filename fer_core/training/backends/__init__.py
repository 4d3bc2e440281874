"""What holds under one backend of Keras only: CUDA graphs and Muon under PyTorch, data-parallel training under JAX."""
