variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "bucket_arn" {
  description = "The ARN of the bucket that is the store."
  type        = string
}

variable "logs_bucket" {
  description = "The bucket that the trail of writes goes to, below trail/."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the topic."
  type        = string
}

variable "campaign" {
  description = "The function campaign: its ARN and name; null where it is not deployed."
  type = object({
    arn  = string
    name = string
  })
  default = null
}

variable "request" {
  description = "What a campaign asks of a model that was uploaded: fields of its request, without models."
  type        = any
  default     = {}
}

variable "writers" {
  description = "The ARNs of Sclera's own roles: what they write starts no campaign."
  type        = list(string)
}

variable "dead_letter_queue" {
  description = "The queue of events that could not be delivered: its ARN and URL."
  type = object({
    arn = string
    url = string
  })
}

variable "email" {
  description = "Who is told of verdicts, alarms and costs; nobody where it is null."
  type        = string
  default     = null
}
