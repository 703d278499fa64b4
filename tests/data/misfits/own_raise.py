from torch import nn


class BertConfig:
    def __init__(self, hidden_size=250, num_attention_heads=12, vocab_size=3000):
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        self.vocab_size = vocab_size


class BertSelfAttention(nn.Module):
    def __init__(self, config):
        super(BertSelfAttention, self).__init__()
        if config.hidden_size % config.num_attention_heads != 0:
            raise ValueError(
                "The hidden size (%d) is not a multiple of the number of attention "
                "heads (%d)" % (config.hidden_size, config.num_attention_heads))
        self.query = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, hidden_states):
        return self.query(hidden_states)


class Bert(nn.Module):
    def __init__(self, config=None):
        super().__init__()
        config = config or BertConfig()
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.attention = BertSelfAttention(config)

    def forward(self, ids):
        return self.attention(self.embeddings(ids))
